// Script of office and console.
import { setUpForms } from "./forms.js";
import { setUpFragments } from "./fragments.js";
import { setUpFrame } from "./frame.js";

setUpFrame();
setUpForms();
setUpFragments();
