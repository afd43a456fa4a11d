import { z } from 'zod';
import { DeltaEvent, LoggedEvent } from '../src/common/events.ts';
import { ErrorReply, GlobalEvent, PROTOCOL, type Route, type RouteName, routes } from '../src/common/protocol.ts';

/** The OpenAPI 3.1 document of the protocol, made from the route table. */
export function openapi(): { [key: string]: unknown } {
  const paths: { [path: string]: { [method: string]: unknown } } = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const { path, method } = routes[name];
    paths[path] = { ...paths[path], [method]: operation(name) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Drover', version: String(PROTOCOL), description: "The protocol of Drover's supervisor." },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Event: json(z.union([LoggedEvent, DeltaEvent])), GlobalEvent: json(GlobalEvent) },
    },
    security: [{ token: [] }],
    paths,
  };
}

function operation(name: RouteName): unknown {
  const route: Route = routes[name];
  const ok = route.reply
    ? { description: 'Done', content: { [route.type ?? 'application/json']: { schema: json(route.reply) } } }
    : { description: 'Events', content: { 'text/event-stream': { schema: { $ref: eventSchema(name) } } } };
  return {
    operationId: name,
    summary: route.summary,
    ...(route.path.includes('{id}')
      ? { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] }
      : {}),
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: json(route.body) } } } }
      : {}),
    responses: {
      [String(route.status ?? 200)]: ok,
      default: { description: 'A problem', content: { 'application/json': { schema: json(ErrorReply) } } },
    },
  };
}

function eventSchema(name: RouteName): string {
  return `#/components/schemas/${name === 'events' ? 'GlobalEvent' : 'Event'}`;
}

/** Without the dialect, which OpenAPI 3.1 fixes for the whole document. */
function json(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
