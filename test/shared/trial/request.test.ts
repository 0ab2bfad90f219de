import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { readLifetimes, requireLifetimes, trialRequestSchema } from '#shared/trial/request'

const RANGE = 'A lifetime is a whole number of seconds from 1 to 86,400.'

describe('lifetimes as a person writes them', () => {
  it.each([
    ['10, 60, 100', [10, 60, 100]],
    ['100 60;10', [100, 60, 10]],
    [' 7 ', [7]],
    ['1,86400', [1, 86_400]],
    ['1 2 3 4 5 6 7 8', [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('%j are %j, in their order', (text, lifetimes) => {
    expect(readLifetimes(text)).toEqual({ lifetimes })
  })

  it.each([
    ['', 'A trial needs at least one lifetime, for instance 10, 60, 100.'],
    [' , ', 'A trial needs at least one lifetime, for instance 10, 60, 100.'],
    ['10, x', `“x” is not a lifetime. ${RANGE}`],
    ['1.5', `“1.5” is not a lifetime. ${RANGE}`],
    ['-1', `“-1” is not a lifetime. ${RANGE}`],
    ['0', RANGE],
    ['86401', RANGE],
    ['1 2 3 4 5 6 7 8 9', 'A trial takes at most 8 lifetimes.'],
    ['60, 10, 60', 'A lifetime is in the list twice: leave one out.'],
  ])('%j are refused with a reason', (text, problem) => {
    expect(readLifetimes(text)).toEqual({ problem })
    expect(() => requireLifetimes(text)).toThrow(expect.objectContaining({ code: 'bad_argument' }))
  })
})

it('the reason names the longest that is taken', () => {
  const longest = Number(/to ([\d,]+)\.$/.exec(RANGE)?.[1]?.replace(',', ''))
  expect(readLifetimes(String(longest))).toEqual({ lifetimes: [longest] })
  expect(readLifetimes(String(longest + 1))).toEqual({ problem: RANGE })
})

describe('a request from outside', () => {
  const request = { lifetimes: [10], suite: 'modern', clock: 'real' }

  it('is taken when it has the shape', () => {
    expect(v.safeParse(trialRequestSchema, request).success).toBe(true)
  })

  it.each([
    { lifetimes: [] },
    { lifetimes: [0] },
    { lifetimes: [1.5] },
    { lifetimes: ['10'] },
    { lifetimes: [Number.NaN] },
    { lifetimes: [5, 5] },
    { lifetimes: undefined },
    { suite: 'rot13' },
    { clock: 'sundial' },
  ])('is refused with %j', (change) => {
    expect(v.safeParse(trialRequestSchema, { ...request, ...change }).success).toBe(false)
  })
})
