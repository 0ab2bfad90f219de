import { describe, expect, it } from 'vitest'
import { toFault } from '#main/lab/fault'
import { PortInUseError } from '#main/net/listener'
import { LabError } from '#shared/errors'
import { ProtocolError } from '#shared/hl1/alerts'

describe('an error as a window gets it', () => {
  it('has its code and message', () => {
    expect(toFault(new LabError('no_key', 'There is none.'))).toEqual({
      code: 'no_key',
      message: 'There is none.',
    })
  })

  it('has the step where the protocol refused something', () => {
    const error = new ProtocolError({ code: 'stale_timestamp', step: 1, message: 'Too old.' })
    expect(toFault(error)).toEqual({ code: 'stale_timestamp', message: 'Too old.', step: 1 })
  })

  it('has the free port where one is in use, if there is any', () => {
    expect(toFault(new PortInUseError(17_401, 17_403, undefined))).toEqual({
      code: 'port_in_use',
      message: 'Port 17401 is in use by another program. Port 17403 is free.',
      freePort: 17_403,
    })
    expect(toFault(new PortInUseError(65_535, undefined, undefined))).toEqual({
      code: 'port_in_use',
      message: 'Port 65535 is in use by another program. Choose another port in the settings.',
    })
  })

  it('says nothing of the program’s inside', () => {
    for (const error of [new TypeError('x is not a function'), 'text', undefined, { code: 'EPIPE' }]) {
      expect(toFault(error)).toEqual({
        code: 'internal_error',
        message: 'The program failed on its own account. Start it again if this goes on.',
      })
    }
  })
})
