// Lint rules: the recommended sets, and the walls between the rooms (docs: CONTRIBUTING.md).
import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import globals from 'globals'
import vue from 'eslint-plugin-vue'

const FORGE = {
  group: ['node-forge', 'node-forge/*', '@noble/*', 'bcrypt-pbkdf', 'jose'],
  message: 'Only shared/crypto imports libraries of cryptography.',
}
const NODE = {
  group: ['node:*', 'electron', 'electron/*'],
  message: 'This room runs without Node and Electron.',
}
const VUE = { group: ['vue', 'reka-ui', '@tanstack/*', '*.vue'], message: 'Only the renderer knows Vue.' }
const MAIN = {
  group: ['#main/*', '**/main/*', '**/main/**'],
  message: 'The main process is out of reach from here.',
}
const RENDERER = {
  group: ['**/renderer/*', '**/renderer/**'],
  message: 'The renderer is out of reach from here.',
}

/** What Electron's security checklist warns of; SECURITY.md says which point is which. */
const UNSAFE = [
  {
    selector: 'MemberExpression[property.name="openExternal"]',
    message: 'Nothing is handed to another program: there is no address that the app would have to open.',
  },
  {
    selector: 'MemberExpression[property.name="loadFile"]',
    message: 'Pages come over the own scheme, not from files.',
  },
  {
    selector: 'Literal[value=/^file:/]',
    message: 'Pages come over the own scheme, not from files.',
  },
  {
    // The empty one is how a click in the menu counts as the person's act in the page.
    selector: 'CallExpression[callee.property.name="executeJavaScript"]:not([arguments.0.value="undefined"])',
    message: 'No code is put into a page from outside.',
  },
  {
    selector: 'MemberExpression[property.name="insertCSS"]',
    message: 'No style is put into a page from outside.',
  },
  {
    selector:
      'Property[key.name=/^(nodeIntegration\\w*|allowRunningInsecureContent|experimentalFeatures|webviewTag)$/] > Literal[value=true]',
    message: 'This opens the sandbox of a window.',
  },
  {
    selector: 'Property[key.name=/^(contextIsolation|sandbox|webSecurity)$/] > Literal[value=false]',
    message: 'This opens the sandbox of a window.',
  },
  {
    selector: 'Property[key.name="enableBlinkFeatures"]',
    message: 'No experimental feature of the page engine is switched on.',
  },
]
const IPC = {
  group: ['electron'],
  importNames: ['ipcMain'],
  message: 'Calls from windows arrive in main/ipc/router.ts alone, where they are checked.',
}

/** Everything that is shown goes through one function, `visible`: each medium has one writer, which calls it. */
const DIALOGS = {
  group: ['electron'],
  importNames: ['dialog', 'Notification', 'Tray'],
  message: 'main/windows/dialogs.ts alone opens the system’s dialogs: it makes visible what they say.',
}
const MOUNTING = {
  group: ['vue', '@vue/*'],
  importNames: [
    ...['createApp', 'createSSRApp', 'createRenderer', 'createHydrationRenderer', 'render', 'hydrate'],
    ...['nodeOps', 'patchProp', 'defineCustomElement', 'createStaticVNode'],
  ],
  message: 'renderer/common/page.ts alone writes to the page: it makes visible what is shown.',
}
const PRINTING = [
  {
    selector: 'MemberExpression[object.name="console"]',
    message: 'main/log/stdio.ts alone prints: it makes visible what is printed.',
  },
  {
    selector:
      'MemberExpression[object.object.name="process"][object.property.name=/^std(out|err)$/][property.name="write"]',
    message: 'main/log/stdio.ts alone prints: it makes visible what is printed.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(setTitle|setToolTip)$/]',
    message: 'What the system shows goes through `visible`: give it a writer of its own.',
  },
]
const PAGE = [
  {
    selector:
      'AssignmentExpression[left.property.name=/^(textContent|innerText|outerText|innerHTML|outerHTML|nodeValue)$/]',
    message: 'renderer/common/page.ts alone writes to the page: let a component show it.',
  },
  {
    selector: 'AssignmentExpression[left.object.name="document"][left.property.name="title"]',
    message: 'renderer/common/page.ts alone writes to the page: let a component show it.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(createTextNode|insertAdjacentHTML|insertAdjacentText|setAttribute|setHTMLUnsafe)$/]',
    message: 'renderer/common/page.ts alone writes to the page: let a component show it.',
  },
  {
    selector: 'CallExpression[callee.object.name="document"][callee.property.name=/^write/]',
    message: 'renderer/common/page.ts alone writes to the page: let a component show it.',
  },
  {
    selector: 'CallExpression[callee.name=/^(alert|confirm|prompt)$/]',
    message: 'The engine’s own boxes show text as it comes.',
  },
]
/** Peers and files have times that no calendar has. */
const TIMES = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.0][arguments.0.type!="Literal"]',
    message: 'shared/time.ts makes text of times: not every number is one.',
  },
]

const walls = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
})

const syntax = (files, rules, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-syntax': ['error', ...rules.flat()] },
})

export default defineConfigWithVueTs(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', 'test-results/**', 'handshake-out/**'] },
  vue.configs['flat/recommended'],
  vueTsConfigs.strict,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-invalid-void-type': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
      'vue/no-restricted-html-elements': [
        'error',
        {
          element: 'datalist',
          message:
            'Main is asked about its suggestions at every key, and stands still for minutes. Use MenuButton.vue.',
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  walls(['shared/**'], [NODE, VUE, MAIN, RENDERER, FORGE], ['shared/crypto/**']),
  walls(['shared/crypto/**'], [NODE, VUE, MAIN, RENDERER]),
  walls(['main/**'], [VUE, RENDERER, FORGE, IPC, DIALOGS], ['main/ipc/router.ts', 'main/windows/dialogs.ts']),
  walls(['main/ipc/router.ts'], [VUE, RENDERER, FORGE, DIALOGS]),
  walls(['main/windows/dialogs.ts'], [VUE, RENDERER, FORGE, IPC]),
  syntax(['main/**'], [UNSAFE, PRINTING, TIMES], ['main/log/stdio.ts']),
  syntax(['main/log/stdio.ts'], [UNSAFE, TIMES]),
  // node-forge takes dates, which issue.ts makes of its own times.
  syntax(['shared/**'], [TIMES], ['shared/time.ts', 'shared/crypto/encodings/asn1.ts']),
  syntax(['renderer/**'], [PAGE, TIMES]),
  walls(['bench/**'], [VUE, RENDERER, FORGE]),
  walls(['renderer/**'], [NODE, MAIN, FORGE, MOUNTING], ['renderer/common/page.ts']),
  walls(['renderer/common/page.ts'], [NODE, MAIN, FORGE]),
)
