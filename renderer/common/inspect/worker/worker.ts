/** The worker's end: takes requests and answers each. */
import { transferablesOf } from '../structure/packed'
import { answerTo, refusal } from './answer'
import type { InspectRequest } from './calls'

addEventListener('message', async ({ data }: MessageEvent<InspectRequest>) => {
  const answer = await answerTo(data)
  try {
    postMessage(answer, { transfer: answer.ok ? transferablesOf(answer.value) : [] })
  } catch (error) {
    // What can't cross would leave whoever asked waiting.
    postMessage(refusal(data.id, error))
  }
})
