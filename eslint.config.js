// Lint rules: the recommended sets, and the walls between the rooms (docs: CONTRIBUTING.md).
import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import globals from 'globals'
import vue from 'eslint-plugin-vue'

const FORGE = {
  group: ['node-forge', 'node-forge/*', '@noble/*', 'bcrypt-pbkdf'],
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

const walls = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
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
    },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  walls(['shared/**'], [NODE, VUE, MAIN, RENDERER, FORGE], ['shared/crypto/**']),
  walls(['shared/crypto/**'], [NODE, VUE, MAIN, RENDERER]),
  walls(['main/**'], [VUE, RENDERER, FORGE, IPC], ['main/ipc/router.ts']),
  walls(['main/ipc/router.ts'], [VUE, RENDERER, FORGE]),
  { files: ['main/**'], rules: { 'no-restricted-syntax': ['error', ...UNSAFE] } },
  walls(['bench/**'], [VUE, RENDERER, FORGE]),
  walls(['renderer/**'], [NODE, MAIN, FORGE]),
)
