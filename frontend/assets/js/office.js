// Script of office and console.
import { setUpChips } from "./chips.js";
import { setUpDrafts } from "./drafts.js";
import { setUpForms } from "./forms.js";
import { setUpFragments } from "./fragments.js";
import { setUpFrame } from "./frame.js";
import { setUpMeeting } from "./meeting.js";
import { setUpNarrowing } from "./narrowing.js";
import { setUpScanning } from "./scanning.js";
import { setUpShortcuts } from "./shortcuts.js";

setUpFrame();
setUpForms();
setUpDrafts();
setUpFragments();
setUpChips();
setUpShortcuts();
setUpScanning();
setUpNarrowing();
setUpMeeting();
