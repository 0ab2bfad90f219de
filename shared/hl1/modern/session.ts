/** Steps 7 and 8 of suite `modern` (protocol.md section 4): one key for each direction, and every message counted. */
import { defineConduct, type SuiteConduct } from '../conduct'
import { checkSessionLives } from '../step-parts'
import type { ClientState, ServerState } from '../state'
import { countMessage, sessionSecrets, withSessionKeys } from './secrets'
import { checkSequence, openSequenced, sealSequenced, type Direction } from './sequenced'
import { modernSheets } from './sheets'

export const sessionConduct: Pick<SuiteConduct, 7 | 8> = {
  7: defineConduct(7, modernSheets[7], {
    async compose(state, input, environment) {
      const ready = await withSessionKeys(state, environment)
      const values = { seq: requests(ready).next, req: input.request, ts7: environment.now() }
      return { values, state: ready }
    },
    seal: (state, [plaintext = new Uint8Array()], frame, environment) =>
      sealSequenced(requests(state), plaintext, frame, environment),
    sent: (state) => countMessage(state, 'nextRequest'),
    admit: checkSessionLives,
    async open(state, bytes, frame, environment) {
      const ready = await withSessionKeys(state, environment)
      return { ...(await openSequenced(requests(ready), bytes, frame, environment)), state: ready }
    },
    async verify(state, values, checks) {
      checkSequence(values.seq, requests(state).next, checks)
      return { ...countMessage(state, 'nextRequest'), request: values.req }
    },
  }),

  8: defineConduct(8, modernSheets[8], {
    async compose(state, input, environment) {
      const values = { seq: answers(state).next, data: input.data, ts8: environment.now() }
      return { values, state }
    },
    seal: (state, [plaintext = new Uint8Array()], frame, environment) =>
      sealSequenced(answers(state), plaintext, frame, environment),
    sent: (state) => countMessage(state, 'nextAnswer'),
    async open(state, bytes, frame, environment) {
      return { ...(await openSequenced(answers(state), bytes, frame, environment)), state }
    },
    async verify(state, values, checks) {
      checkSequence(values.seq, answers(state).next, checks)
      return { ...countMessage(state, 'nextAnswer'), data: values.data }
    },
  }),
}

function requests(state: ClientState | ServerState): Direction {
  const { clientToServer, nextRequest, transcript } = sessionSecrets(state)
  return { key: clientToServer, next: nextRequest, transcript }
}

function answers(state: ClientState | ServerState): Direction {
  const { serverToClient, nextAnswer, transcript } = sessionSecrets(state)
  return { key: serverToClient, next: nextAnswer, transcript }
}
