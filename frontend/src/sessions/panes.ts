/**
 * The larger half of the room, fetched when it is first shown: transcripts with all that draws them. Whoever opens the
 * workbench to begin a session does not wait for it.
 */
export { ChangesPanel } from './changes-panel.tsx'
export { InboxPane } from './inbox-pane.tsx'
export { SessionPane } from './session-pane.tsx'
