// Says on the page when a security key was not used; allauth's own script writes it to the console only.
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const note = document.querySelector('[data-key-error]')
  if (note) note.hidden = false
})
