/** Steps 7 and 8 of suite `modern` (protocol.md section 4): one key for each direction, and every message counted. */
import { defineStep, type SuiteSteps } from '../step'
import { checkSessionLives, data, request, timestamp } from '../step-parts'
import type { ClientState, ServerState } from '../state'
import { countMessage, sessionSecrets, withSessionKeys } from './secrets'
import { checkSequence, openSequenced, sealSequenced, sequence, type Direction } from './sequenced'
import { modernExplanations } from './explanations'
import { SEQUENCE_ALGORITHM } from './bodies'

export const sessionSteps: Pick<SuiteSteps, 7 | 8> = {
  7: defineStep(7, {
    ...modernExplanations[7],
    formula: 'Seq ‖ AES(K_c2s: Req ‖ TS7)',
    members: [sequence, request, timestamp(7)],
    checks: ['sequence'],
    layers: [{ key: 'K_c2s', opensWith: 'K_c2s', algorithm: SEQUENCE_ALGORITHM }],
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

  8: defineStep(8, {
    ...modernExplanations[8],
    formula: 'Seq ‖ AES(K_s2c: Data ‖ TS8)',
    members: [sequence, data, timestamp(8)],
    checks: ['sequence'],
    layers: [{ key: 'K_s2c', opensWith: 'K_s2c', algorithm: SEQUENCE_ALGORITHM }],
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
  return { symbol: 'K_c2s', key: clientToServer, next: nextRequest, transcript }
}

function answers(state: ClientState | ServerState): Direction {
  const { serverToClient, nextAnswer, transcript } = sessionSecrets(state)
  return { symbol: 'K_s2c', key: serverToClient, next: nextAnswer, transcript }
}
