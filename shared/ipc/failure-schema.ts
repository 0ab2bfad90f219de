/** The shape of what a window reports: that of a failure, within its limits. */
import * as v from 'valibot'
import { REPORT_LIMITS, type FailureReport } from '../failure'

// A text that was cut has one character more, which says so.
const text = v.pipe(v.string(), v.maxLength(REPORT_LIMITS.text + 1))

const failureOf = (depth: number): v.GenericSchema<FailureReport> =>
  v.object({
    name: text,
    code: v.optional(text),
    message: v.optional(text),
    frames: v.pipe(v.array(text), v.maxLength(REPORT_LIMITS.frames)),
    cause: v.optional(depth < REPORT_LIMITS.causes ? failureOf(depth + 1) : v.never()),
  })

/** @see FailureReport */
export const failureSchema = failureOf(0)
