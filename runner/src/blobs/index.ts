/**
 * Blobs: bytes kept beside sessions, such as attachments, images and long outputs.
 *
 * Owns the blob folder. Promises: a blob is whole and synced before its id is told; equal bytes are kept once; nothing that
 * could run in a page is served to be shown in one. Never removes a blob that an item or a session mentions.
 */
export { type BlobsRoom, createBlobsRoom } from './room.ts'
