/** The worker's end: takes requests and answers each. */
import { transferablesOf } from '../structure/packed'
import { answerTo } from './answer'
import type { InspectRequest } from './calls'

addEventListener('message', async ({ data }: MessageEvent<InspectRequest>) => {
  const answer = await answerTo(data)
  postMessage(answer, { transfer: answer.ok ? transferablesOf(answer.value) : [] })
})
