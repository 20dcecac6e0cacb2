// Reason chips: a click writes the chip's sentence into the note, to be edited. Without scripts the server writes it.
// Who opens a note's place comes to write: the focus is in the note then, by mouse as by key.
export function setUpChips() {
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("summary")?.parentElement;
    if (!place?.matches("details[data-key='p'], details[data-key='c']")) return;
    requestAnimationFrame(() => place.open && place.querySelector("textarea").focus());
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("button[data-sentence]");
    const note = chip?.form?.querySelector("textarea[name='note']");
    if (!note) return;
    event.preventDefault();
    const sentence = chip.dataset.sentence;
    if (!note.value.includes(sentence)) note.value = [note.value.trim(), sentence].filter(Boolean).join("\n");
    note.focus();
    note.setSelectionRange(note.value.length, note.value.length);
  });
}
