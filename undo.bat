@echo off
setlocal
set "CLOUD_JOB=undo"
call "%~dp0report.bat" %*
exit /b %ERRORLEVEL%
