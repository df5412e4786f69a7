/** The list of terminals beside the centre, fetched when it is first shown. */
export { TerminalsPanel } from './terminals-panel.tsx'
