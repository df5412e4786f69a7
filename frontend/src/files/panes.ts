/** The larger half of the room, fetched when it is first shown. */
export { FilesPanel } from './files-panel.tsx'
