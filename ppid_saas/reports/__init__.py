"""What happened, told afterwards: the story of an item, its evidence, where lists were also published, a year's figures."""
