/** The audit on what Compose resolves: silent on good stacks, and not silent on any that is broken. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseEnv } from '../../src/core/env/parse.ts';
import { createSecretTest } from '../../src/core/env/secret-keys.ts';
import { documentValues } from '../../src/core/env/values.ts';
import { auditStack } from '../../src/core/isolation/audit.ts';
import { auditChecks } from '../../src/core/isolation/audit-finding.ts';
import { type Mode, modes, otherMode } from '../../src/core/mode/mode.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { bundledTemplate, programFolder } from '../helpers/bundled-stack.ts';
import { documentOf, testedComposes, type Values } from '../helpers/resolved-compose-file.ts';
import { listMutations, type Mutation, type RawModel, strangers } from '../helpers/stack-mutations.ts';

const tokensOf = (mode: Mode): Values => ({
  INFLUXDB_TOKEN: `token-of-${mode}==`,
  HA_TOKEN: `home-assistant-token-of-${mode}`,
});
const valuesOf = (mode: Mode): Values => documentOf(mode, tokensOf(mode));

const sandboxValues = (mode: Mode): Values => ({
  ...valuesOf(mode),
  HOMEIQ_SOURCE: join(programFolder, 'sandbox'),
  ...Object.assign(
    {},
    ...['sandbox.env', ...(mode === 'production' ? ['sandbox.production.env'] : [])].map(name =>
      documentValues(parseEnv(readFileSync(join(programFolder, 'sandbox', name), 'utf8'))),
    ),
  ),
});

const audit = (resolved: unknown, mode: Mode, values: Values = valuesOf(mode)) =>
  auditStack({
    resolved,
    mode,
    folder: '/deployment',
    values,
    otherValues: valuesOf(otherMode(mode)),
    secrets: {
      operatorToken: strangers.operatorToken,
      adminPassword: strangers.adminPassword,
      wideTokens: [strangers.wideToken],
    },
    isSecretKey: createSecretTest(bundledTemplate(mode).fields),
  });

/** A copy of the model with the mutations applied. */
function broken(resolved: unknown, mutations: readonly Mutation[]): RawModel {
  const model = structuredClone(resolved) as RawModel;
  for (const { apply } of mutations) apply(model);
  return model;
}

type GoodStack = { readonly mode: Mode; readonly resolved: unknown; readonly values: Values };

async function assertFound(
  { mode, resolved, values }: GoodStack,
  mutations: readonly Mutation[],
): Promise<void> {
  const findings = await audit(broken(resolved, mutations), mode, values);
  for (const { check, service, touches } of mutations) {
    assert.ok(
      findings.some(finding => finding.check === check && (service === '' || finding.service === service)),
      `${mode}: ${check} by ${touches} was not found; found: ${JSON.stringify(findings)}`,
    );
  }
  const said = JSON.stringify(findings);
  for (const secret of [...Object.values(strangers), ...modes.flatMap(of => Object.values(tokensOf(of)))]) {
    assert.ok(!said.includes(secret), `a finding carries a secret: ${said}`);
  }
}

for (const [index, { name, skip, compose, resolve }] of testedComposes().entries()) {
  describe(`the audit with ${name}`, { skip }, () => {
    /** The bundled stack, and the sandbox's, which has a data generator. */
    const resolveGood = async (mode: Mode): Promise<readonly GoodStack[]> => {
      const values = sandboxValues(mode);
      const sandbox = await compose.resolve({
        folder: '/deployment',
        project: 'homeiq-sandbox',
        files: ['compose.yaml', 'sandbox/compose.sandbox.yaml'].map(file => join(programFolder, file)),
        environment: values,
      });
      return [
        { mode, resolved: await resolve(valuesOf(mode)), values: valuesOf(mode) },
        { mode, resolved: sandbox, values },
      ];
    };

    for (const mode of modes) {
      test(`finds nothing in the good stacks of ${mode}`, async () => {
        for (const { resolved, values } of await resolveGood(mode)) {
          assert.deepEqual(await audit(resolved, mode, values), []);
        }
      });
    }

    test("an operator's own service may do what it likes with the machine, and nothing with the other mode", async () => {
      const model = structuredClone(await resolve(valuesOf('test'))) as unknown as RawModel;
      const own = {
        image: 'grafana/grafana:11',
        privileged: true,
        network_mode: 'host',
        volumes: [{ type: 'bind', source: '/var/run/docker.sock', target: '/s' }],
        environment: { INFLUX_TOKEN: strangers.unknownToken, DATABASE_PATH: '/var/lib/grafana.db' },
      };
      model.services.dashboard = own;
      const findings = await audit(model, 'test');
      assert.deepEqual(findings.map(({ check }) => check).toSorted(), [
        'docker-socket',
        'foreign-token',
        'host-network',
        'no-memory-limit',
        'privileged',
      ]);
      assert.ok(findings.every(({ severity, service }) => severity === 'warning' && service === 'dashboard'));
      model.services.dashboard = {
        ...own,
        environment: { TOKEN: tokensOf('production').INFLUXDB_TOKEN ?? '' },
      };
      const [worst] = await audit(model, 'test');
      assert.deepEqual([worst?.check, worst?.severity], ['other-mode-secret', 'error']);
    });

    // What is found does not depend on who resolved: one version is enough for the long list.
    if (index > 0) return;
    test('finds every way to break a stack, one by one and in pairs', async t => {
      const seen = new Set<string>();
      let singles = 0;
      let pairs = 0;
      for (const good of (await Promise.all(modes.map(resolveGood))).flat()) {
        const { mode, resolved } = good;
        const { services } = resolved as unknown as RawModel;
        const catalog = parseStack(resolved).services.map(entry => ({
          name: entry.name,
          entry,
          raw: services[entry.name] ?? {},
        }));
        const mutations = listMutations(catalog, mode, valuesOf(otherMode(mode)));
        for (const mutation of mutations) {
          await assertFound(good, [mutation]);
          seen.add(mutation.check);
          singles += 1;
        }
        // Every kind with every other kind, on services that change from pair to pair.
        const kinds = auditChecks.map(check => mutations.filter(mutation => mutation.check === check));
        for (const [row, first] of kinds.entries()) {
          for (const second of kinds.slice(row)) {
            for (let turn = 0; turn < 5; turn += 1) {
              const one = first[(turn * 7 + pairs) % first.length];
              const two = second[(turn * 11 + 3 * pairs + 1) % second.length];
              if (one === undefined || two === undefined || one.touches === two.touches) continue;
              await assertFound(good, [one, two]);
              pairs += 1;
            }
          }
        }
      }
      assert.deepEqual([...seen].toSorted(), [...auditChecks].toSorted());
      t.diagnostic(`${singles} mutations and ${pairs} pairs of them, all found`);
    });
  });
}
