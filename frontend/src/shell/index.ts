/**
 * The workbench around the rooms: tabs, sidebar, side panel, palette, shortcuts, the connection's state. Knows which
 * view stands where, never what is in it. Rooms go elsewhere through navigation.ts alone, which knows no view.
 */
export { Workbench } from './workbench.tsx'
