"""Messages to people. They point to the product and carry no content of the list."""
