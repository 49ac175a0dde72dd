/** Signing in by user and password: the login flow that Home Assistant's own pages use. */

import { randomBytes } from 'node:crypto';
import type { HomeAssistantAccount } from './home-assistant-account.ts';
import { type Answer, type Body, message } from './home-assistant-answer.ts';

/** Flows that are open; as in Home Assistant they are lost with a restart. */
export type LoginFlows = Map<string, { readonly clientId: string }>;

const handler = ['homeassistant', null] as const;

const form = (flowId: string, errors: Readonly<Record<string, string>>): Answer => ({
  status: 200,
  body: {
    type: 'form',
    flow_id: flowId,
    handler,
    step_id: 'init',
    data_schema: [
      { name: 'username', required: true, type: 'string' },
      { name: 'password', required: true, type: 'string' },
    ],
    errors,
    description_placeholders: null,
    last_step: null,
    preview: null,
  },
});

function openFlow(flows: LoginFlows, body: Body): Answer {
  const missing = ['client_id', 'handler', 'redirect_uri'].find(key => body[key] === undefined);
  if (missing !== undefined) {
    return message(400, `Message format incorrect: required key not provided @ data['${missing}']`);
  }
  const asked: unknown = body.handler;
  if (!Array.isArray(asked) || asked[0] !== handler[0] || asked[1] !== handler[1]) {
    return message(404, 'Invalid handler specified');
  }
  const flowId = randomBytes(16).toString('hex');
  flows.set(flowId, { clientId: String(body.client_id) });
  return form(flowId, {});
}

/** `flowId` is undefined for a new flow. */
export function answerLogin(
  flows: LoginFlows,
  account: HomeAssistantAccount,
  flowId: string | undefined,
  body: Body,
): Answer {
  if (flowId === undefined) return openFlow(flows, body);
  const { client_id: clientId, username, password } = body;
  if (typeof clientId !== 'string') {
    return message(400, "Message format incorrect: required key not provided @ data['client_id']");
  }
  if (!flows.has(flowId)) return message(404, 'Invalid flow specified');
  if (typeof username !== 'string' || typeof password !== 'string') {
    return message(400, 'User input malformed');
  }
  if (!account.isUser({ username, password })) return form(flowId, { base: 'invalid_auth' });
  flows.delete(flowId);
  return {
    status: 200,
    body: {
      type: 'create_entry',
      flow_id: flowId,
      handler,
      version: 1,
      title: username,
      result: account.createCode(clientId),
    },
  };
}
