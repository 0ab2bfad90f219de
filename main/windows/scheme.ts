/** The windows' own scheme: `app://lab/…` serves the built renderer and nothing else. */
import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { otherwise } from '#shared/errors'
import type { WindowName } from '#shared/windows'

export const ORIGIN = 'app://lab'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Has to run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** Serves files from `root` under a content security policy; what lies outside of it, or is not there, is not found. */
export function serveScheme(root: string, policy: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url)
    const path = normalize(join(root, decodeURIComponent(pathname)))
    const contentType = CONTENT_TYPES[extname(path)]
    if (host !== 'lab' || !path.startsWith(root + sep) || !contentType) return notFound()
    const content = await readFile(path).catch(otherwise(undefined))
    if (!content) return notFound()
    return new Response(content, {
      headers: {
        'content-type': contentType,
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

/** Where a window's page is: the own scheme, or the development server. */
export function pageOf(window: WindowName, developmentServer: string | undefined): string {
  return `${developmentServer ?? ORIGIN}/${window}/index.html`
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } })
}
