/** Where models come from: the providers in use, and the forms that set one up. Never holds a key longer than its form. */
export { useProviders } from './model-list.ts'
export { ModelNeeded } from './model-needed.tsx'
