/** What is said at the packets of a capture: the step in sentences, by its sheet, and what came of it. */
import { decodeAlert } from '../hl1/alerts'
import { ALERT_CODES } from '../hl1/alert-codes'
import { HEADER_BYTES, headerField, TYPE_ALERT } from '../hl1/frame'
import { HL1 } from '../hl1/protocol'
import { isStepNumber, STEPS } from '../hl1/steps'
import { suiteOfByte } from '../hl1/suites'
import { connectionName, otherEnd, type Connection, type End } from '../record/connection'
import { roleInfo } from '../record/protocol'
import { visible } from '../visible'
import type { Passage, Stream } from './streams'

/** A comment's longest text, in characters: an alert may say whatever it likes, at any length. */
const MOST = 2_000

/** What is said at the opening of a stream. */
export function openingSentence({ connection, side }: Stream): string {
  const opens = `${nameOf(connection, 'opener')} opens a connection to ${nameOf(connection, 'acceptor')}`
  if (side === undefined) return said(`${opens}.`)
  const seen = side === 'opener' ? 'as the one who opens it sees it' : 'as the one who accepts it sees it'
  return said(
    `${opens}, ${seen}: somebody between them has changed what was sent (${connectionName(connection)}).`,
  )
}

/** What is said at its end. */
export function closingSentence({ connection }: Stream, closer: End): string {
  return said(`${nameOf(connection, closer)} ends the connection.`)
}

/** What is said at a frame. */
export function frameSentence({ connection, side }: Stream, passage: Passage): string {
  const { sender, frame, received } = passage
  const from = nameOf(connection, sender)
  const to = nameOf(connection, otherEnd(sender))
  const type = headerField(frame, 'type')
  const suite = suiteOfByte(headerField(frame, 'suite'))
  const words: string[] = []
  if (type === TYPE_ALERT) {
    const { code, step, message } = decodeAlert(frame.subarray(HEADER_BYTES), 0)
    words.push(`Alert of ${from} to ${to} about step ${step}: ${code}.`, ALERT_CODES[code])
    if (message !== ALERT_CODES[code]) words.push(`It says: ${message}`)
  } else if (isStepNumber(type)) {
    const inSuite = suite ? ` of suite ${suite.name}` : ''
    words.push(`Step ${type}${inSuite}, ${from} to ${to}: ${STEPS[type].title}.`)
    if (suite) words.push(suite.sheets[type].story)
  } else {
    words.push(`A frame of type ${type}, ${from} to ${to}: no step of the protocol has it.`)
  }
  if (side !== undefined && side !== sender) words.push(`This is what came to ${to}, whoever has sent it.`)
  const outcome = received?.kind === 'message' ? received.outcome : undefined
  if (outcome?.ok === true) words.push(capital(`${to} accepted it.`))
  if (outcome?.ok === false) words.push(capital(`${to} refused it (${outcome.code}): ${outcome.message}`))
  return said(words.join(' '))
}

/** Who stands at an end; for a program that is not part of the lab, what it does. */
function nameOf({ opener, acceptor }: Connection, end: End): string {
  const role = end === 'opener' ? opener : acceptor
  return role === undefined ? 'A program of somebody else' : `the ${roleInfo(HL1, role).title}`
}

function said(sentence: string): string {
  return visible(capital(sentence), { most: MOST })
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`
}
