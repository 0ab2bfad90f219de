/**
 * The dissector for Wireshark 4.0 and later: one file of Lua, made of the parts in `lua/` and the tables of the sheets. Outside of
 * Wireshark the file gives its pure parts as a table, for whoever wants to try them.
 */
import { LabError } from '../errors'
import { dissectorTables } from './dissector-tables'
import bits from './lua/bits.lua?raw'
import conversations from './lua/conversations.lua?raw'
import des from './lua/des.lua?raw'
import gcm from './lua/gcm.lua?raw'
import json from './lua/json.lua?raw'
import keys from './lua/keys.lua?raw'
import opening from './lua/opening.lua?raw'
import sha256 from './lua/sha256.lua?raw'
import text from './lua/text.lua?raw'
import wireshark from './lua/wireshark.lua?raw'
import { luaLiteral } from './lua-literal'

/** What the file is called where nobody says otherwise. */
export const DISSECTOR_FILE = 'handshake-lab.lua'

/** Parts that need no Wireshark; each may use those before it by their names. */
const PARTS = { bits, text, sha256, gcm, des, json, keys, conversations, opening }

/** The dissector's text; `application` is the app with its version. */
export function dissectorText(application: string): string {
  if (/[\r\n]/.test(application))
    throw new LabError('bad_argument', 'The name of the application has more than one line.')
  const parts = Object.entries(PARTS).map(
    ([name, lua]) => `local ${name} = (function()\n${indented(lua)}end)()\n`,
  )
  return [
    `-- Handshake Lab (HL/1) for Wireshark 4.0 and later, written by ${application} from its own sheets of the protocol.\n` +
      '-- Put it into the folder of personal Lua plugins (Help, About Wireshark, Folders), or load it with -X lua_script:FILE.\n',
    `local HL1 = ${luaLiteral(dissectorTables())}\n`,
    ...parts,
    `if not Proto then\n  return { HL1 = HL1, ${Object.keys(PARTS)
      .map((name) => `${name} = ${name}`)
      .join(', ')} }\nend\n`,
    wireshark,
  ].join('\n')
}

/** Lines two places further in; those in a long string of Lua too, which holds code as well. */
function indented(lua: string): string {
  return lua.replace(/^(?=.)/gm, '  ')
}
