/** What the adversary's window may have done: everything is done by the adversary, and what leaks is the person's decision. */
import { LEAKS } from '#shared/adversary/live'
import { LabError } from '#shared/errors'
import type { Adversary } from '../adversary/adversary'
import type { Person } from '../windows/person'
import type { Topic } from './answer'
import type { ExportService } from './export'
import { questionOfLeaking } from './questions'

export interface AdversaryServices {
  readonly adversary: Adversary
  readonly person: Pick<Person, 'agrees'>
  readonly exports: Pick<ExportService, 'save' | 'choose'>
}

const SCRIPT_FILE = { kind: 'Adversary’s script', extensions: ['json'] } as const

export function adversaryHandlers({ adversary, person, exports }: AdversaryServices): Topic<'adversary'> {
  return {
    'adversary:view': () => adversary.view,
    'adversary:switch': async ({ on, authorityPort: authority, serverPort: server }) => {
      const ports = { ...(authority !== undefined && { authority }), ...(server !== undefined && { server }) }
      await (on ? adversary.switchOn(ports) : adversary.switchOff())
      return undefined
    },
    'adversary:rule': (rule) => nothing(adversary.setRule(rule)),
    'adversary:frame': ({ id }) => adversary.frame(id),
    'adversary:pass': ({ id }) => nothing(adversary.pass(id)),
    'adversary:drop': ({ id }) => nothing(adversary.drop(id)),
    'adversary:revert': ({ id }) => nothing(adversary.revert(id)),
    'adversary:edit': ({ id, bytes, length }) => adversary.edit(id, bytes, length),
    'adversary:flip': ({ id, byte, bit }) => adversary.flip(id, byte, bit),
    'adversary:member': ({ id, member, value }) => adversary.setMember(id, member, value),
    'adversary:replace': ({ id, by }) => adversary.replace(id, by),
    'adversary:send': ({ id, on }) => adversary.send(id, on),
    'adversary:form': ({ suite, step, connection }) => adversary.form(suite, step, connection),
    'adversary:forge': ({ suite, step, values, on }) => adversary.forge(suite, step, values, on),
    'adversary:cut': ({ connection }) => nothing(adversary.cut(connection)),
    'adversary:pose': ({ as }) => adversary.pose(as).then(nothing),
    'adversary:leak': async ({ key }, window) => {
      if (!(await person.agrees(window, questionOfLeaking(key, LEAKS[key].models)))) return false
      adversary.leak(key)
      return true
    },
    'adversary:forget': () => nothing(adversary.forget()),
    'adversary:save-script': (_, window) =>
      exports.save(
        {
          title: 'Save what the adversary did',
          name: 'adversary.json',
          kind: SCRIPT_FILE.kind,
          bytes: adversary.script('What the adversary did'),
          // Keys that were read may stand in it.
          isPrivate: true,
        },
        window,
      ),
    'adversary:open-script': async (_, window) => {
      const file = await exports.choose({ title: 'Open a script', ...SCRIPT_FILE }, window)
      if (!file) return false
      if ('problem' in file) throw new LabError('bad_script', file.problem)
      adversary.openScript(file.bytes)
      return true
    },
    'adversary:run-script': ({ run }) => nothing(adversary.runScript(run)),
  }
}

function nothing(_: unknown): undefined {
  return undefined
}
