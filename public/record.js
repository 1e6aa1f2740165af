// The button that prints; the browser's menu does the same.
const button = document.querySelector('[data-print]')
if (button) button.hidden = false
button?.addEventListener('click', () => print())
