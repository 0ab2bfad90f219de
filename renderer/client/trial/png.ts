/** A trial's chart as a PNG picture, drawn from the same SVG that is saved as a file. */
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { drawTrial } from '#shared/trial/chart'
import { EXPORT_WIDTH, toSvg } from '#shared/trial/svg'
import type { TrialResult } from '#shared/trial/result'

/** Pixels of the picture for each of the chart's: sharp in print. */
const SCALE = 2

/** @throws LabError `picture_failed` */
export async function toPng(result: TrialResult): Promise<Bytes> {
  const chart = drawTrial(result, { width: EXPORT_WIDTH, titled: true })
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg(chart))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = chart.width * SCALE
  canvas.height = chart.height * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new LabError('picture_failed', 'The picture could not be made: save the chart as SVG.')
  return new Uint8Array(await blob.arrayBuffer())
}
