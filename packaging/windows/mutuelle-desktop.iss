; Inno Setup 6, for the user alone: no administrator, nothing outside the user's own folders.
; UNTRIED (non essayé): written from the documentation of Inno Setup; nobody has run it on Windows yet.
;
;   python packaging\build.py           (calls iscc /DVersion=… on this file)
;
; Before: French data of Tesseract in build\tessdata\fra.traineddata (tessdata_fast), which the program looks for beside
; its own executable.

#ifndef Version
  #error Version is given by packaging\build.py
#endif

[Setup]
AppId={{6C1C2B0E-6B2C-4F6B-9C39-3B0B9B6C7D51}
AppName=Mutuelle Desktop
AppVersion={#Version}
AppPublisher=Mutuelle Desktop
DefaultDirName={localappdata}\Programs\Mutuelle Desktop
DefaultGroupName=Mutuelle Desktop
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
DisableProgramGroupPage=yes
OutputDir=..\..\dist
OutputBaseFilename=mutuelle-desktop-{#Version}-windows
UninstallDisplayIcon={app}\mutuelle-desktop.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
ChangesAssociations=yes

[Languages]
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"

[Tasks]
Name: "bureau"; Description: "Une icône sur le bureau"

[Files]
Source: "..\..\build\frozen\mutuelle-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "..\..\build\tessdata\fra.traineddata"; DestDir: "{app}\tessdata"; Flags: ignoreversion

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Mutuelle Desktop"; Filename: "{app}\mutuelle-desktop.exe"; AppUserModelID: "MutuelleDesktop"
Name: "{autodesktop}\Mutuelle Desktop"; Filename: "{app}\mutuelle-desktop.exe"; Tasks: bureau

[Registry]
; « Ouvrir avec » only: the program never takes the place of the one that opens PDFs.
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Mutuelle Desktop"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\shell\open\command"; ValueType: string; ValueData: """{app}\mutuelle-desktop.exe"" ""%1"""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".pdf"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".jpeg"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".tif"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\Applications\mutuelle-desktop.exe\SupportedTypes"; ValueType: string; ValueName: ".heic"; ValueData: ""

[Run]
Filename: "{app}\mutuelle-desktop.exe"; Description: "Ouvrir Mutuelle Desktop"; Flags: nowait postinstall skipifsilent

; The data (%LOCALAPPDATA%\mutuelle-desktop) are the user's: uninstalling leaves them.
