/** The windows' own scheme: `app://lab/…` serves the built renderer and nothing else. */
import { protocol, type ProtocolResponse } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { orUndefined, otherwise } from '#shared/errors'
import type { WindowName } from '#shared/windows'

export const ORIGIN = 'app://lab'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

const NOT_FOUND: ProtocolResponse = {
  statusCode: 404,
  data: Buffer.from('Not found'),
  headers: { 'content-type': 'text/plain' },
}

/** Has to run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/**
 * Serves files from `root` under a content security policy; what lies outside of it, or is not there, is not found.
 * `protocol.handle` would speak of requests and responses as `fetch` does, and first read all of that: record 0055.
 */
export function serveScheme(root: string, policy: string): void {
  protocol.registerBufferProtocol('app', ({ url }, respond) => {
    void answerTo(url, root, policy).then(respond, (error: unknown) => {
      respond(NOT_FOUND)
      throw error
    })
  })
}

async function answerTo(url: string, root: string, policy: string): Promise<ProtocolResponse> {
  const { host, pathname } = new URL(url)
  const name = orUndefined(() => decodeURIComponent(pathname))
  if (host !== 'lab' || name === undefined || name.includes('\0')) return NOT_FOUND
  const path = normalize(join(root, name))
  const contentType = CONTENT_TYPES[extname(path)]
  if (!path.startsWith(root + sep) || !contentType) return NOT_FOUND
  const data = await readFile(path).catch(otherwise(undefined))
  if (!data) return NOT_FOUND
  return {
    data,
    headers: {
      'content-type': contentType,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    },
  }
}

/** Where a window's page is: the own scheme, or the development server. */
export function pageOf(window: WindowName, developmentServer: string | undefined): string {
  return `${developmentServer ?? ORIGIN}/${window}/index.html`
}
