/** What the lab has to export: main makes the files and writes them. */
import type { ExportPlan, ExportRequest, Identities } from '#shared/export'
import {
  BUNDLE_FILE_IDS,
  EXPORT_FILES,
  EXPORT_ITEMS,
  USUAL_FILES,
  type ExportFile,
  type ExportFileId,
} from '#shared/export/items'
import { readmeText } from '#shared/export/readme'
import { call } from '../../call'
import type { ExportSource, Offer, OfferGroup, Order } from './offers'

/** Roles with a private key. */
const OWNERS = ['authority', 'server'] as const

/** Asks main what there is. Private files are never chosen before the person does it. */
export async function labSource(): Promise<ExportSource> {
  const plan = await call('export:plan')
  return {
    description: 'Writes keys and certificates as files that other tools read.',
    folder: plan.folder,
    groups: EXPORT_ITEMS.map(({ id, title, purpose, private: isPrivate }): OfferGroup => {
      const unavailable = plan.unavailable.find((item) => item.id === id)?.reason
      const offers = EXPORT_FILES.filter(({ item }) => item.id === id).map((file) => offerOf(file, plan))
      return { id, title, purpose, private: isPrivate, unavailable, offers, missing: [] }
    }),
    elsewhere: plan.isPublicOnly ? [] : OWNERS.filter((role) => role !== window.lab.window),
    usual: USUAL_FILES.filter((file) => !file.private).map(({ id }) => id),
    bundle: BUNDLE_FILE_IDS,
    friendlyName: plan.identities.server,
    odd: plan.odd ?? [],
    look: (names, chosen) => {
      const files = chosen
        .filter(({ name }) => names.includes(name))
        .map(({ offer, name }) => ({ id: offer.id as ExportFileId, name }))
      return call('export:look', { names: [...names], files })
    },
    write: (order) => call('export:write', requestOf(order)),
    copy: async (id, order) => {
      const files = order.files.filter((file) => file.id === id)
      await call('export:copy', requestOf({ ...order, files }))
    },
  }
}

function offerOf(file: ExportFile, { files, names, identities }: ExportPlan): Offer {
  const { id, format, private: isPrivate, lock } = file
  const planned = files.find((each) => each.id === id)
  return {
    ...{ id, format, private: isPrivate, lock, name: names[id] },
    bytes: planned?.bytes ?? 0,
    lockedBytes: planned?.lockedBytes,
    holds: planned?.holds ?? '',
    text: textAboutOthers(file, identities) ?? planned?.text,
  }
}

/** In the place of each digit of a sum: one byte, as the digit is. */
const UNKNOWN = '?'

/** What is about the other files depends on them; sums are not known before they are written. */
function textAboutOthers({ item }: ExportFile, { server, authority }: Identities): Offer['text'] {
  if (item.id === 'readme') {
    return (all, { protect, friendlyName = server }) =>
      readmeText(
        all.map(({ offer, name }) => ({ id: offer.id as ExportFileId, name })),
        { locked: protect, friendlyName, authority },
      )
  }
  if (item.id !== 'checksums') return undefined
  return (all) =>
    all
      .filter(({ offer }) => offer.id !== 'checksums/text')
      .map(({ name }) => `${UNKNOWN.repeat(64)}  ${name}\n`)
      .sort()
      .join('')
}

function requestOf(order: Order): ExportRequest {
  const files = order.files.map(({ id, name }) => ({ id: id as ExportFileId, name }))
  const isPrivate = ({ id }: { readonly id: string }): boolean =>
    EXPORT_FILES.find((file) => file.id === id)?.private === true
  return {
    files,
    overwrite: order.files.filter(({ replace }) => replace).map(({ id }) => id as ExportFileId),
    ...(files.some(isPrivate)
      ? {
          protect: order.protect,
          ...(order.passphrase === undefined ? {} : { passphrase: order.passphrase }),
          ...(order.friendlyName === undefined ? {} : { friendlyName: order.friendlyName }),
        }
      : {}),
  }
}
