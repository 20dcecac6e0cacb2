// Reason chips: a click writes the chip's sentence into the note, to be edited. Without scripts the server writes it.
export function setUpChips() {
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
