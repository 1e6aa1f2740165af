type Child = Node | string | null

/** An element with this class. Strings become text and never markup: a receipt may hold anything. */
export const el = (tag: string, className: string, ...children: Child[]): HTMLElement => {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children.filter(child => child !== null))
  return element
}

/** The element of the page with this id, which must be of this class. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new TypeError(`the page has no ${id}`)
}
