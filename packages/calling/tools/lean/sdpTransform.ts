/**
 * Attributes that mediasoup-client neither reads nor writes. A line with one is kept as it is, as that of any attribute that
 * sdp-transform does not know.
 */
export const unreadAttributes: readonly string[] = [
  'control',
  'rtcp',
  'crypto',
  'connectionType',
  'remoteCandidates',
  'imageattrs',
  'framerate',
  'sourceFilter',
  'bundleOnly',
  'label',
  'tsRefClocks',
  'mediaClk',
  'keywords',
  'content',
  'bfcpFloorCtrl',
  'bfcpConfId',
  'bfcpUserId',
  'bfcpFloorId',
];

/** sdp-transform's files as ES modules, with the attributes that are needed. */
export function leanSdpTransform(code: string): string {
  return code
    .replaceAll(/^ {4}\{\n[^]*?^ {4}\},?\n/gm, (row) => {
      const [, name = ''] = /^ {6}(?:name|push): ?'(\w+)'/m.exec(row) ?? [];

      return unreadAttributes.includes(name) ? '' : row;
    })
    .replace('var grammar = module.exports =', 'export const grammar =')
    .replace("var grammar = require('./grammar');", "import { grammar } from './grammar.js';")
    .replace('exports.parseFmtpConfig = exports.parseParams;', '')
    .replaceAll(/^exports\.(\w+) = /gm, 'export const $1 = ')
    .replace('module.exports = function', 'export const write = function');
}
