// The button that prints, for pages made for paper; the browser's menu does the same.
const offerPrint = () => {
  for (const button of document.querySelectorAll('[data-print]')) button.hidden = false
}
document.addEventListener('click', ({ target }) => target.closest('[data-print]') && print())
offerPrint()
// By photos.js.
document.addEventListener('redrawn', offerPrint)
