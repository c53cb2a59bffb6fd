import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { StatsWatch } from '../stats/StatsWatch.ts';
import { DiagnosticBoard } from './DiagnosticBoard.ts';
import type {
  MediaDiagnosticValues,
  NetworkDiagnosticValues,
  UserFacingDiagnostics,
} from './diagnosticTypes.ts';
import { watchCaptures } from './watchCaptures.ts';
import { watchDeviceLists } from './watchDeviceLists.ts';
import { watchMicrophone } from './watchMicrophone.ts';
import { watchNetwork } from './watchNetwork.ts';
import { watchPictures } from './watchPictures.ts';

const lookMs = 1_000;

/** What the browser says of itself. */
export interface DiagnosticsEnvironment {
  readonly isOnline: () => boolean;
  readonly listsSpeakers: boolean;
}

export class UserFacingDiagnosticsImpl implements UserFacingDiagnostics {
  readonly network = new DiagnosticBoard<NetworkDiagnosticValues>();
  readonly media = new DiagnosticBoard<MediaDiagnosticValues>();

  constructor(host: CallFeatureHost, { isOnline, listsSpeakers }: DiagnosticsEnvironment) {
    watchDeviceLists(host, this.media, listsSpeakers);
    watchCaptures(host, this.media);
    const followers = [
      watchNetwork(host, this.network, isOnline),
      watchMicrophone(host, this.media),
      watchPictures(host, this.media),
    ];
    const watch = new StatsWatch({
      host,
      intervalMs: lookMs,
      onLook: (look) => followers.forEach((follow) => follow(look)),
    });
    host.onEnd(() => watch.stop());
    watch.start();
  }
}
