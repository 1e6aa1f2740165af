// The record's own button; the browser's menu does the same.
const button = document.querySelector('[data-print]')
button.hidden = false
button.addEventListener('click', () => print())
