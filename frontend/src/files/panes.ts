/** The larger half of the room, fetched when it is first shown. */
export { FilePane } from './file-pane.tsx'
export { FilesPanel } from './files-panel.tsx'
