const words = (text: string) => new Set(text.split(/\s+/).filter(Boolean));

/** Extensions that are no top-level domain: a name that ends so is a file. */
const FILE_ONLY = words(`
  7z ace apk arj aspx asp avi bak bat bin bmp bz2 chm class cfg conf cpl csv dat db deb dll dmg doc docm docx dot dotm
  dylib elf eml exe gif gz hta htm html ico img inf ini iso jar jpeg jpg js jse json jsp jspx ko lnk log lz lzh mdb msc
  msi msix msp mp3 mp4 msg o obj ocx odt ods one onepkg ova pcap pcapng pdf pem php phtml png potm ppam pps ppsx ppt pptm
  pptx ps1 psd1 psm1 pst pyc rar raw reg rpm rtf scr sct sln sqlite svg swf sys tar tgz tif tiff tmp txt url vb vbe vbs vhd
  vhdx vmdk war wav wim wll wsc wsf wsh xar xhtml xla xlam xll xls xlsb xlsm xlsx xlt xltm xml xps xsl xz yaml yml
`);
/** Top-level domains that prose uses as extensions far more often: `report.zip`, `install.sh`. */
const USUALLY_FILE = words('zip mov cab sh py md so');
/** Top-level domains that are files only behind a path separator: `/tmp/x.pl`. */
const FILE_IN_PATH = words('pl rs app ps pub bz cc');
/** The same, but behind a backslash only: `C:\dos\format.com`. */
const FILE_IN_WINDOWS_PATH = words('com');

const NAME = /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._+%~-]*$/u;

/** What a name's surroundings say about it. */
export interface NameContext {
  /** The character before it, or an empty string. */
  readonly before: string;
  /** Something marks it as a host: it was defanged, or a port follows. */
  readonly host: boolean;
}

/**
 * Whether a dotted name in prose is a file name rather than a domain. A name that ends in an extension is a file; where
 * the extension is a top-level domain too, it is a file (`report.zip`, `install.sh`) unless marked as a host:
 * `report[.]zip`, `www.report.zip`, `report.zip:443`.
 */
export function isFileName(name: string, { before, host }: NameContext): boolean {
  const dot = name.lastIndexOf('.');
  if (dot < 1 || name.length > 255 || !NAME.test(name)) return false;
  const extension = name.slice(dot + 1).toLowerCase();
  if (FILE_ONLY.has(extension)) return true;
  if (USUALLY_FILE.has(extension)) return !host && !/^www\./i.test(name);
  if (before === '\\') return FILE_IN_PATH.has(extension) || FILE_IN_WINDOWS_PATH.has(extension);
  return before === '/' && FILE_IN_PATH.has(extension);
}

/** The last part of a path of either kind; undefined when nothing is left that could name a file. */
export function baseName(path: string): string | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).trim();
  return name === '' || name === '.' || name === '..' || name.length > 255 || /\p{Cc}/u.test(name) ? undefined : name;
}
