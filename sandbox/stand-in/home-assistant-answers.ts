/** What the Home Assistant stand-in answers to each request over HTTP. */

import type { IncomingMessage } from 'node:http';
import { type HomeAssistantAccount, type OnboardingStep, onboardingSteps } from './home-assistant-account.ts';
import { type Answer, type Body, message } from './home-assistant-answer.ts';
import type { EntityRegistry } from './home-assistant-entities.ts';
import { answerLogin, type LoginFlows } from './home-assistant-login.ts';

const bodyLimitBytes = 1024 * 1024;

const unauthorized: Answer = { status: 401, body: '401: Unauthorized' };
const notFound: Answer = { status: 404, body: '404: Not Found' };
const methodNotAllowed: Answer = { status: 405, body: '405: Method Not Allowed' };

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > bodyLimitBytes) {
      throw new RangeError('The request is too large.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): Body | undefined {
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Body) : undefined;
  } catch {
    return undefined;
  }
}

async function answerTokenRequest(account: HomeAssistantAccount, text: string): Promise<Answer> {
  const form = new URLSearchParams(text);
  const clientId = form.get('client_id') ?? '';
  const invalid = (description: string): Answer => ({
    status: 400,
    body: { error: 'invalid_request', error_description: description },
  });
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const issued = await account.redeemCode(clientId, form.get('code') ?? '');
      return issued === undefined ? invalid('Invalid code') : { status: 200, body: issued };
    }
    case 'refresh_token': {
      const issued = account.refresh(clientId, form.get('refresh_token') ?? '');
      return issued === undefined
        ? { status: 400, body: { error: 'invalid_grant' } }
        : { status: 200, body: issued };
    }
    default:
      return { status: 400, body: { error: 'unsupported_grant_type' } };
  }
}

const doneStepTexts: Readonly<Record<OnboardingStep, string>> = {
  user: 'User step already done',
  core_config: 'Core config step already done',
  analytics: 'Analytics config step already done',
  integration: 'Integration step already done',
};

export type AnswerContext = {
  readonly account: HomeAssistantAccount;
  readonly entities: EntityRegistry;
  readonly describe: () => unknown;
  /** Home Assistant does not register the onboarding views when it starts with onboarding complete. */
  readonly hasOnboardingViews: boolean;
  readonly coreConfigFails: boolean;
  readonly logins: LoginFlows;
};

async function answerOnboardingStep(
  context: AnswerContext,
  step: OnboardingStep,
  body: Body,
  isAuthorized: boolean,
): Promise<Answer> {
  const { account } = context;
  if (step !== 'user' && !isAuthorized) {
    return unauthorized;
  }
  if (account.doneSteps().includes(step)) {
    return message(403, doneStepTexts[step]);
  }
  const required: Readonly<Record<OnboardingStep, readonly string[]>> = {
    user: ['client_id', 'name', 'username', 'password', 'language'],
    core_config: [],
    analytics: [],
    integration: ['client_id', 'redirect_uri'],
  };
  const missing = required[step].find(key => typeof body[key] !== 'string' || body[key] === '');
  if (missing !== undefined) {
    return message(400, `Message format incorrect: required key not provided @ data['${missing}']`);
  }
  if (step === 'core_config' && context.coreConfigFails) {
    return { status: 500, body: '500 Internal Server Error' };
  }
  await account.finishStep(
    step,
    step === 'user' ? { username: String(body.username), password: String(body.password) } : undefined,
  );
  return step === 'user' || step === 'integration'
    ? { status: 200, body: { auth_code: account.createCode(String(body.client_id)) } }
    : { status: 200, body: {} };
}

function answerStates(
  context: AnswerContext,
  method: string,
  entityId: string | undefined,
  body: Body,
): Answer {
  const { entities } = context;
  if (entityId === undefined) {
    return method === 'GET' ? { status: 200, body: entities.all() } : methodNotAllowed;
  }
  if (method === 'GET') {
    const state = entities.find(entityId);
    return state === undefined ? message(404, 'Entity not found.') : { status: 200, body: state };
  }
  if (method !== 'POST') {
    return methodNotAllowed;
  }
  if (!/^[a-z0-9_]+\.[a-z0-9_]+$/.test(entityId)) {
    return message(400, 'Invalid entity ID specified.');
  }
  if (body.state === undefined) {
    return message(400, 'No state specified.');
  }
  const attributes = body.attributes;
  const change = entities.set(
    entityId,
    String(body.state),
    typeof attributes === 'object' && attributes !== null ? (attributes as Body) : undefined,
  );
  return { status: change.old_state === null ? 201 : 200, body: change.new_state };
}

/** Never rejects for what a client sent, except a RangeError for a body over 1 MiB. */
export async function answerRequest(context: AnswerContext, request: IncomingMessage): Promise<Answer> {
  const { account } = context;
  const method = request.method ?? 'GET';
  const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
  const text = await readBody(request);
  if (path === '/auth/token') {
    return method === 'POST' ? answerTokenRequest(account, text) : methodNotAllowed;
  }
  const body = parseJson(text);
  if (body === undefined) {
    return message(400, 'Invalid JSON specified.');
  }
  const flow = /^\/auth\/login_flow(?:\/(.+))?$/.exec(path);
  if (flow !== null) {
    return method === 'POST' ? answerLogin(context.logins, account, flow[1], body) : methodNotAllowed;
  }
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const isAuthorized = scheme === 'Bearer' && token !== undefined && account.isAccepted(token);

  if (path.startsWith('/api/onboarding') && !context.hasOnboardingViews) {
    return notFound;
  }
  if (path === '/api/onboarding') {
    const done = account.doneSteps();
    return { status: 200, body: onboardingSteps.map(step => ({ step, done: done.includes(step) })) };
  }
  const stepName = /^\/api\/onboarding\/(\w+)$/.exec(path)?.[1];
  const step = onboardingSteps.find(name => name === stepName || (name === 'user' && stepName === 'users'));
  if (step !== undefined && stepName !== 'user') {
    return method === 'POST' ? answerOnboardingStep(context, step, body, isAuthorized) : methodNotAllowed;
  }
  if (!path.startsWith('/api/')) {
    return path === '/' ? { status: 200, body: 'Home Assistant (stand-in)' } : notFound;
  }
  if (!isAuthorized) {
    return unauthorized;
  }
  if (path === '/api/') {
    return message(200, 'API running.');
  }
  if (path === '/api/config') {
    return { status: 200, body: context.describe() };
  }
  const states = /^\/api\/states(?:\/(.+))?$/.exec(path);
  return states === null ? notFound : answerStates(context, method, states[1], body);
}
