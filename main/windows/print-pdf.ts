/**
 * Prints a report as PDF: in a page of its own that nobody sees, without scripts, behind the same barriers as every other page, in a
 * session that keeps nothing on the disk. The page's HTML comes out of memory.
 */
import { BrowserWindow, session, type Session } from 'electron'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { Barrier } from './barriers'
import { hardenSession, policyOf, preferencesOf } from './hardening'
import { ORIGIN } from './scheme'

/** A session without `persist:` is in memory alone. */
const PARTITION = 'report'
const ADDRESS = `${ORIGIN}/report`
/** So long a report may take to be laid out and printed, milliseconds. */
const PATIENCE_MS = 120_000

/** At the foot of each page: its number, and how many there are. Millimetres are those of the report's own margins. */
const FOOTER =
  '<div style="width:100%;margin:0 14mm;font:8px Arial,sans-serif;text-align:right"><span class="pageNumber"></span> of <span class="totalPages"></span></div>'

/** Gives what prints. `barriers` are those of every page. */
export function pdfPrinter(barriers: readonly Barrier[]): (html: Bytes) => Promise<Bytes> {
  let hardened: Promise<Session> | undefined
  const harden = async (): Promise<Session> => {
    const own = session.fromPartition(PARTITION)
    await hardenSession(barriers, own)
    return own
  }
  let last: Promise<unknown> = Promise.resolve()
  return (html) => {
    // One at a time: each is the one page of the session.
    const printed = last.then(async () => {
      hardened ??= harden()
      const own = await hardened.catch((error: unknown) => {
        hardened = undefined
        throw error
      })
      return print(html, own, barriers)
    })
    last = printed.catch(() => undefined)
    return printed
  }
}

/** @throws LabError `report_not_printed` */
async function print(html: Bytes, own: Session, barriers: readonly Barrier[]): Promise<Bytes> {
  // As of every page, but for its style, which is in it: the report's own policy names that by its digest.
  const policy = policyOf(barriers).replace("style-src 'self'", "style-src 'unsafe-inline'")
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  own.protocol.handle('app', () => new Response(html, { headers }))
  const window = new BrowserWindow({
    show: false,
    webPreferences: { ...preferencesOf(barriers), session: own, sandbox: true, javascript: false },
  })
  try {
    return await inTime(layOut(window))
  } finally {
    own.protocol.unhandle('app')
    window.destroy()
  }
}

async function layOut(window: BrowserWindow): Promise<Bytes> {
  const { webContents } = window
  const gone = new Promise<never>((_, reject) => {
    webContents.once('render-process-gone', (_event, { reason }) =>
      reject(notPrinted(`Its page is gone: ${reason}.`)),
    )
  })
  const pdf = window
    .loadURL(ADDRESS)
    .then(() =>
      webContents.printToPDF({
        preferCSSPageSize: true,
        printBackground: true,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
        displayHeaderFooter: true,
        headerTemplate: '<span></span>',
        footerTemplate: FOOTER,
      }),
    )
    .catch((error: unknown) => {
      throw notPrinted(`The engine says: ${error instanceof Error ? error.message : String(error)}.`)
    })
  return new Uint8Array(await Promise.race([pdf, gone]))
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(notPrinted(`It takes more than ${PATIENCE_MS / 1000} seconds.`)),
      PATIENCE_MS,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function notPrinted(why: string): LabError {
  return new LabError(
    'report_not_printed',
    `The report could not be printed as PDF. ${why} Save it as HTML instead.`,
  )
}
