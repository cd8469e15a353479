import eslint from '@eslint/js'
import lit from 'eslint-plugin-lit'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import typescript from 'typescript-eslint'

export default defineConfig(
  { ignores: ['build/', 'node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked, lit.configs['flat/recommended']],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Under noUncheckedIndexedAccess, `!` is how a loop says that its index is in bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // [...text] means code points here: tokens are no graphemes.
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  { files: ['web/**/*.{ts,js}'], languageOptions: { globals: globals.browser } },
  { files: ['tools/**/*.mjs', 'tests/**/*.mjs'], languageOptions: { globals: globals.node } },
  { rules: { eqeqeq: 'error', 'no-control-regex': 'off' } },
)
