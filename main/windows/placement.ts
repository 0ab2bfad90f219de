/** Where the three windows stand: side by side at first, then where they were left. */
import type { WindowName } from '#shared/lab'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The smallest content that a window still works at. */
export const MINIMUM: Readonly<Record<WindowName, { readonly width: number; readonly height: number }>> = {
  authority: { width: 560, height: 480 },
  server: { width: 560, height: 480 },
  client: { width: 1100, height: 680 },
}

/** Share of the work area that authority and server take, where there is room for both columns. */
const SIDE_SHARE = 0.36

/**
 * Authority above server on the left, the client on the right, the whole work area filled. Where that is too small for
 * the smallest windows they overlap, the client to the right and in front.
 */
export function defaultPlacement(area: Rectangle): Readonly<Record<WindowName, Rectangle>> {
  const side = Math.max(MINIMUM.authority.width, Math.round(area.width * SIDE_SHARE))
  const client = Math.min(area.width, Math.max(MINIMUM.client.width, area.width - side))
  const half = Math.floor(area.height / 2)
  const row = Math.min(area.height, Math.max(MINIMUM.server.height, half))
  return {
    authority: { x: area.x, y: area.y, width: side, height: row },
    server: { x: area.x, y: area.y + area.height - row, width: side, height: row },
    client: { x: area.x + area.width - client, y: area.y, width: client, height: area.height },
  }
}

/** A remembered place, if it is one and most of it is still on one of the displays. */
export function validPlacement(value: unknown, displays: readonly Rectangle[]): Rectangle | undefined {
  if (!isRectangle(value)) return undefined
  const visible = displays.some((display) => overlap(value, display) >= (value.width * value.height) / 2)
  return visible ? value : undefined
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>
  return [x, y, width, height].every(Number.isInteger) && Number(width) > 0 && Number(height) > 0
}
