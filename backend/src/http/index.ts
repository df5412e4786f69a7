/**
 * The public HTTP server: what stands between a connection and the rooms.
 *
 * Promises: the gate comes before everything, for requests and upgrades alike; every body, header and wait is bounded;
 * what a runner answers is passed on as it comes, without what a runner has no say in.
 */
export { callRoutes } from './call.ts'
export { type Exchange, readJson, sendError, sendJson, setHeaders, type UserExchange } from './exchange.ts'
export { createRouteTable, type OpenHandler, type UserHandler } from './routes.ts'
export { HttpServer, type Inside, listening } from './server.ts'
export { StaticFiles } from './static-files.ts'
