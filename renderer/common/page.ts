/**
 * How a window's page is written. Whatever a component shows, as text or in an attribute that is read out or shown, goes through
 * here on its way into the page and is made visible there: no component can forget it, and none does it itself. What a person
 * edits, and identifiers, stay as they are. Everything is mounted here (eslint.config.js).
 */
import './tokens.css'
import './base.css'
import './forced-colors.css'
import { createRenderer, nodeOps, patchProp, type App, type Component } from 'vue'
import { LabError } from '#shared/errors'
import { visible } from '#shared/visible'

/** Attributes and properties that people read or hear: those of ARIA that hold neither identifiers nor states. */
const READ: ReadonlySet<string> = new Set([
  ...['title', 'alt', 'label', 'placeholder', 'summary', 'textContent', 'innerText'],
  ...['aria-label', 'aria-description', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext'],
  ...['aria-braillelabel', 'aria-brailleroledescription'],
])
/** The longest that such an attribute gets, in characters: what has more is in the page besides. */
const ATTRIBUTE_LIMIT = 2_000
/** On an element whose text was made visible before it came here: the log's. */
const MADE_VISIBLE = 'data-made-visible'

const madeVisible = new WeakSet<Element>()

const { createApp } = createRenderer<Node, Element>({
  ...nodeOps,
  createElement(tag, namespace, is, props) {
    const element = nodeOps.createElement(tag, namespace, is, props)
    if (props && MADE_VISIBLE in props) madeVisible.add(element)
    return element
  },
  createText: (text) => nodeOps.createText(visible(text)),
  setText: (node, text) => nodeOps.setText(node, visible(text)),
  setElementText(element, text) {
    // Only there do line feeds make lines; elsewhere they would pass for spaces.
    const lines = element.nodeName === 'PRE'
    nodeOps.setElementText(element, visible(text, { lines, again: madeVisible.has(element) }))
  },
  patchProp(element, key, before, now, ...others) {
    const shown = isRead(key, now) ? visible(now, { most: ATTRIBUTE_LIMIT }) : now
    patchProp(element, key, before, shown, ...others)
  },
})

/**
 * Mounts a window's components; `prepare` gets the app before.
 * @throws LabError `internal_error` without an element to mount at
 */
export function mountPage(
  component: Component,
  prepare?: (app: App<Element>) => void,
  at: Element | null = document.querySelector('#app'),
): App<Element> {
  if (!at) throw new LabError('internal_error', 'The page has no place for its components.')
  const app = createApp(component)
  prepare?.(app)
  app.mount(at)
  return app
}

/** Vue marks by a dot or a caret before its name what shall be a property or an attribute. */
function isRead(key: string, value: unknown): value is string {
  return typeof value === 'string' && READ.has(key.replace(/^[.^]/, ''))
}
