@echo off
chcp 65001 >nul
setlocal
set "PYTHONUTF8=1"
cd /d "%~dp0"

rem The first Python that is new enough; `py` is the launcher of python.org's installer.
set "PYTHON="
for %%P in ("py -3" "python" "python3") do (
  if not defined PYTHON (
    %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=%%~P"
  )
)
if not defined PYTHON (
  echo 没有找到 Python 3.11 或更新的版本。
  echo 请从 https://www.python.org/downloads/ 下载安装，安装时勾选 Add python.exe to PATH，再双击本文件。
  pause
  exit /b 4
)

rem report, or what the file that calls this one wants: final.bat, undo.bat.
set "JOB=%CLOUD_JOB%"
if not defined JOB set "JOB=report"

rem A drive dragged here ends with \, which would swallow the quote after it.
set "FOLDER=%~1"
if defined FOLDER if "%FOLDER:~-1%"=="\" set "FOLDER=%FOLDER%."

if "%JOB%"=="undo" (%PYTHON% start.py undo "%FOLDER%" "%CITY%") else (%PYTHON% start.py %JOB% "%FOLDER%" "%~2" "%CITY%")
set "RESULT=%ERRORLEVEL%"
echo.
if "%RESULT%"=="0" (echo 完成。请先看结果文件夹里的“问题清单.xlsx”。) else (echo 没有完成，请看上面的说明。)
pause
exit /b %RESULT%
