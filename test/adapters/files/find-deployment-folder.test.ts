import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type FolderQuestion,
  findDeploymentFolder,
} from '../../../src/adapters/files/find-deployment-folder.ts';
import { UserError } from '../../../src/core/error.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function setUp(t: TestContext) {
  const root = temporaryFolder(t);
  for (const name of ['home', 'program/src', 'empty', 'full/inner', 'deployment/.homeiq', 'deployment/a/b']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  writeFileSync(join(root, 'full/file'), '');
  const at = (name: string): string => join(root, name);
  const find = (question: Partial<FolderQuestion>): Promise<string> =>
    findDeploymentFolder({
      dir: undefined,
      environment: {},
      cwd: at('full'),
      home: at('home'),
      programFolder: at('program'),
      level: 'bundled',
      ...question,
    });
  return { at, find };
}

test('the option wins, then HOMEIQ_DIR; both from the current folder', async t => {
  const { at, find } = setUp(t);
  const environment = { HOMEIQ_DIR: '../empty' };
  assert.equal(await find({ dir: 'inner', environment }), at('full/inner'));
  assert.equal(await find({ dir: '/not/there', environment }), '/not/there');
  assert.equal(await find({ environment, cwd: at('deployment') }), at('empty'));
});

test('else the nearest parent with a deployment, else an empty current folder, else a default by level', async t => {
  const { at, find } = setUp(t);
  assert.equal(await find({ cwd: at('deployment/a/b') }), at('deployment'));
  assert.equal(await find({ cwd: at('deployment') }), at('deployment'));
  assert.equal(await find({ cwd: at('empty') }), at('empty'));
  assert.equal(await find({ cwd: at('full') }), at('home/homeiq'));
  assert.equal(await find({ cwd: at('full'), level: 'sandbox' }), at('home/homeiq-sandbox'));
  assert.equal(await find({ environment: { HOMEIQ_DIR: '' } }), at('home/homeiq'));
  assert.deepEqual(readdirSync(at('home')), []);
});

test('never the program’s own tree, also not through a link', async t => {
  const { at, find } = setUp(t);
  symlinkSync(at('program'), at('link'));
  mkdirSync(at('program/new-empty'));
  mkdirSync(at('program/.homeiq'));
  await assert.rejects(find({ dir: at('program/src/x') }), UserError);
  await assert.rejects(find({ dir: at('link') }), UserError);
  await assert.rejects(find({ environment: { HOMEIQ_DIR: at('program') } }), UserError);
  assert.equal(await find({ cwd: at('program/new-empty') }), at('home/homeiq'));
  assert.equal(await find({ cwd: at('link') }), at('home/homeiq'));
  assert.equal(await find({ dir: at('program-beside-it') }), at('program-beside-it'));
});
