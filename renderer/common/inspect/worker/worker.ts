/** The worker's end: takes requests and answers each. */
import { transferablesOf } from '../structure/packed'
import { answerTo, refusal } from './answer'
import type { InspectRequest } from './calls'
import { hear, type InspectReply } from './talk'

addEventListener('message', async ({ data }: MessageEvent<InspectRequest | InspectReply>) => {
  if (!('name' in data)) return hear(data)
  const answer = await answerTo(data, (news) => postMessage(news))
  try {
    postMessage(answer, { transfer: answer.ok ? transferablesOf(answer.value) : [] })
  } catch (error) {
    // What can't cross would leave whoever asked waiting.
    postMessage(refusal(data.id, error))
  }
})
