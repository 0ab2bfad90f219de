/** What windows draw before a step is taken is what the table of suites says of it. */
import { describe, expect, it } from 'vitest'
import { outlineOf } from '#shared/hl1/outlines'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'

describe.each(SUITE_NAMES)('suite %s', (suite) => {
  it.each(STEP_NUMBERS)('outlines step %i as its definition has it', (step) => {
    const { story, layers } = SUITES[suite].steps[step]
    expect(outlineOf(suite, step)).toEqual({ story, key: layers[0]?.key })
  })
})
