// Script of the public site: search as you type; everything works without it.
import { setUpForms } from "./forms.js";
import { setUpFragments } from "./fragments.js";

document.documentElement.classList.add("js");
setUpForms();
setUpFragments();
